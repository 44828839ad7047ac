"""What a step does to the losses of all samples, and what each update of an epoch did."""
