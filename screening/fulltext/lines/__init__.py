"""What if the line were elsewhere: the outcome of full texts at another line than the protocol's, changing nothing."""
