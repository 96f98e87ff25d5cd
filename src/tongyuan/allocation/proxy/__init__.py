"""What stands where: features of a proxy from tables and files of the user."""
