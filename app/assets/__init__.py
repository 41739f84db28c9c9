"""What people can use, and where, when and for whom it is to be had."""
