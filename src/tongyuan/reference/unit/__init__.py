"""Units beside their arithmetic: how texts are read, what quantities are, pages of them."""
