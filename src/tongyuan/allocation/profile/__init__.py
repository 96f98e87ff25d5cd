"""When, how high and as which model species a source emits."""
