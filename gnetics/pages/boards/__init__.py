"""Dashboard and Dash Data: the figures, their pictures, the rows behind them, and the report."""
