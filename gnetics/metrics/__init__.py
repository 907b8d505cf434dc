"""The figures: pure functions, frames and `today` in, figures with their evidence out."""
