"""What the report says of enterprises."""
