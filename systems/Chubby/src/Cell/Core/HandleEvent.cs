using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>Something to tell a session of one of its handles.</summary>
internal readonly record struct HandleEvent(long Session, long Handle, ChubbyEvents Kind, string Child);
