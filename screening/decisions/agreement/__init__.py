"""Agreement between reviewers: the figures, the table behind them, and who may see which."""
