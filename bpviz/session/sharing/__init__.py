"""What is taken away from a session as text: numbers, formulas, the network, the experiment."""
