"""What is done without anybody at the screen, by `gnetics worker`."""
