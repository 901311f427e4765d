namespace Microcosm.SideBySide.Chubby;

/// <summary>The servers say that a session is over.</summary>
internal sealed class SessionLostException() : IOException("the session is over");
