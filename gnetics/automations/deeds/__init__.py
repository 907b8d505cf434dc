"""What rules do, one module a kind; each is given a job and says what became of it, in the transaction that records it."""
