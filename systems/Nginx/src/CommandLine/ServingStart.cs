namespace Microcosm.Nginx;

/// <summary>What whoever serves is given by the command line.</summary>
/// <param name="Pid">To be written when all addresses are listened on.</param>
/// <param name="Reload">Reads the configuration again; null where it is refused, which is logged.</param>
/// <param name="ErrorLog">The built-in error log: a path, or empty for standard error.</param>
internal sealed record ServingStart(
    NginxConfiguration Configuration, ProgramLog Log, IProgramMachine Machine, string ErrorLog, PidFile Pid,
    Func<NginxConfiguration?> Reload);
