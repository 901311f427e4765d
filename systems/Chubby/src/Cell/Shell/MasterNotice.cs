using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>What rides on a KeepAlive's reply: an event, or (no kind) that a cached file is to be forgotten.</summary>
/// <param name="Number">The session's, from 1 in each epoch.</param>
internal sealed record MasterNotice(long Number, long Handle, ChubbyEvents Kind, string Text);
