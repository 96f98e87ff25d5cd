"""What a region tells its public: plain pages of published sums, and pages to teach with."""
