using System.Globalization;

namespace Microcosm.Nginx;

/// <summary>
/// nginx' own log before a configuration has one: a file (or standard error), and the terminal for what is at least a warning.
/// </summary>
internal sealed class ProgramLog(IProgramMachine machine, TimeProvider clock)
{
    private string _path = "";

    /// <summary>The least severe level that is written; the built-in log has notice.</summary>
    public LogLevel Level { get; set; } = LogLevel.Notice;

    /// <summary>The logs of the configuration, once it serves: they take the place of the built-in one.</summary>
    public Action<LogLevel, byte[]>? Sink { get; set; }

    /// <summary>True until serving begins.</summary>
    public bool UsesTerminal { get; set; } = true;

    /// <summary>Opens the log file; if that fails the terminal is told and takes its place. An empty path is the terminal.</summary>
    public void Open(string path)
    {
        try
        {
            if (path.Length > 0)
                machine.Touch(path);
            _path = path;
        }
        catch (ConfigurationFileException e)
        {
            Say($"[alert] could not open error log file: open() \"{path}\" failed {e.Message}");
        }
    }

    /// <summary>A line of the log.</summary>
    public void Write(LogLevel level, string message)
    {
        if (Sink is not null || level <= Level)
        {
            // nginx names process and thread; here they are one.
            var time = clock.GetLocalNow().ToString("yyyy/MM/dd HH:mm:ss", CultureInfo.InvariantCulture);
            var name = NameOf(level);
            var bytes = Latin1.Bytes($"{time} [{name}] {machine.ProcessId}#{machine.ProcessId}: {message}\n");
            if (Sink is not null)
                Sink(level, bytes);
            else if (_path.Length == 0 || !TryAppend(bytes))
                machine.WriteError(bytes);
        }
        if (UsesTerminal && level <= LogLevel.Warn && _path.Length > 0)
            Say($"[{NameOf(level)}] {message}");
    }

    /// <summary>A line for the terminal only: <c>nginx: …</c>.</summary>
    public void Say(string message) => machine.WriteError(Latin1.Bytes($"nginx: {message}\n"));

    // A file that could be opened may have lost its folder since.
    private bool TryAppend(byte[] bytes)
    {
        try
        {
            machine.Append(_path, bytes);
            return true;
        }
        catch (ConfigurationFileException)
        {
            return false;
        }
    }

    private static string NameOf(LogLevel level) => level.ToString().ToLowerInvariant();
}
