"""Words that were withdrawn and still stand in a text the project itself wrote: a coordinator is asked to see to it."""
