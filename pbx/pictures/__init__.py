"""Pictures that anybody may have made, brought into the one form that we keep and show."""
