namespace Microcosm.Chubby;

/// <summary>Whom a connection has shown itself to be: <c>ip</c> by its address, <c>digest</c> by a password, <c>super</c>.</summary>
internal readonly record struct Identity(string Scheme, string Id);
