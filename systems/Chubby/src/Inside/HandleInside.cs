using Microcosm.Chubby.Client;

namespace Microcosm.Chubby;

/// <summary>A session's open file.</summary>
/// <param name="Instance">Of the file it was opened on.</param>
internal sealed record HandleInside(string Session, long Handle, string Path, long Instance, FileModes Modes, ChubbyEvents Events);
