"""What an independent reader needs to judge each visit: the components of the response.

Measurements follow from the true state of the disease on the day, so that the criteria's rules
recover it wherever every component is there. They have no evaluator: all evaluators share them.
"""
