"""The pages people read: server-rendered HTML that works without JavaScript."""
