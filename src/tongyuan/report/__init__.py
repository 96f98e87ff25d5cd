"""呈现 tables in, documents out: HTML, Excel, Word."""
