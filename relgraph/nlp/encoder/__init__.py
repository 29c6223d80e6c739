"""Reading by a trained encoder: windows of an article, what is known of them beforehand, and what it sees."""
