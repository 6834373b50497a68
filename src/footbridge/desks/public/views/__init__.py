"""Pages for anybody: start, guide, what care is, help now, requests."""
