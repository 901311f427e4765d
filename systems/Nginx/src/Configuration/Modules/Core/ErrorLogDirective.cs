namespace Microcosm.Nginx;

/// <summary><c>error_log</c>, the same in every part.</summary>
internal static class ErrorLogDirective
{
    private static readonly string[] Levels = ["emerg", "alert", "crit", "error", "warn", "notice", "info", "debug"];

    private static readonly string[] DebugLevels =
        ["debug_core", "debug_alloc", "debug_mutex", "debug_event", "debug_http", "debug_mail", "debug_stream"];

    /// <summary>Declares it; the setting holds a level's own logs.</summary>
    public static Setting<IReadOnlyList<ErrorLog>> Declare(Module module, Contexts contexts)
    {
        var setting = new Setting<IReadOnlyList<ErrorLog>>("error_log", []);
        module.Custom("error_log", contexts, Arity.OneOrMore, call => call.Level.Add(setting, Read(call)));
        return setting;
    }

    private static ErrorLog Read(DirectiveCall call)
    {
        var target = call[1];
        var (path, memory, syslog) = ("", 0L, (SyslogServer?)null);
        if (target.StartsWith("memory:", StringComparison.Ordinal))
            memory = Measures.Size(target.AsSpan(7)) is { } size and > 0
                ? size : throw call.Error($"invalid buffer size \"{target[7..]}\"");
        else if (target.StartsWith("syslog:", StringComparison.Ordinal))
            syslog = SyslogServer.Parse(target, call.Loader.Names);
        else if (target != "stderr")
            path = call.Loader.Paths.FromPrefix(target);
        var level = LogLevel.Error;
        var (isSet, mask) = (false, 0);
        for (var i = 2; i <= call.Count; i++)
        {
            var at = Array.IndexOf(Levels, call[i]);
            if (at >= 0)
            {
                if (isSet)
                    throw call.Error($"duplicate log level \"{call[i]}\"");
                (level, isSet) = (LogLevel.Emerg + at, true);
                continue;
            }
            var bit = Array.IndexOf(DebugLevels, call[i]);
            if (bit < 0 || (isSet && mask == 0))
                throw call.Error($"invalid log level \"{call[i]}\"");
            (level, isSet, mask) = (LogLevel.Debug, true, mask | 1 << bit);
        }
        return new ErrorLog(path, syslog, memory, level, mask);
    }
}
