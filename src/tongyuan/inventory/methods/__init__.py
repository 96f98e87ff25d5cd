"""Published accounting methods: pure functions named after their source, and adaptors for their input
tables."""
