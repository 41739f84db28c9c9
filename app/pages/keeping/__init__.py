"""Pages to change, confirm, report and review what is listed, and of who may do what."""
