"""From the bytes of one mail to a Letter: nothing stored, no setting read, nobody asked over the network."""
