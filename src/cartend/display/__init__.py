"""Tables, figures and the report: pages made of what earlier rooms wrote, never a statistic."""
