"""What runs in a kernel's process before a page is there: who asks, what is closed, what is made before forks."""
