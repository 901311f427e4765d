namespace Microcosm.Nginx;

/// <summary>Connections of clients by what they do, as stub_status counts them.</summary>
internal sealed record ConnectionsInside(long Active, long Reading, long Writing, long Waiting, long Accepted, long Requests);
