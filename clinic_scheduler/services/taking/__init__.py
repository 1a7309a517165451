"""Taking time: claims, holds, the rules, and the confirmation that turns a hold into a visit."""
