"""What calls are measured against: a dialplan, small ARI programs, app_voicemail, on an Asterisk like ours."""
