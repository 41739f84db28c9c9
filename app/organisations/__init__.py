"""Who runs what there is: groups, charities, social enterprises, public bodies, businesses."""
