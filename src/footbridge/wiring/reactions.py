"""What follows from an act. A reaction is a job put in the queue by the act's own transaction, safe to run twice."""
