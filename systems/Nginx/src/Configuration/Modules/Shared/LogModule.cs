namespace Microcosm.Nginx;

/// <summary>Access logs and their formats, of the http and of the stream part.</summary>
internal sealed class LogModule
{
    public static readonly LogModule Http = new("http_log_module", Contexts.Http, Contexts.HttpServerLocationIf | Contexts.LimitExcept);

    public static readonly LogModule Stream = new("stream_log_module", Contexts.Stream, Contexts.StreamMainServer);

    private const long GzipBufferBytes = 64 * 1024;

    private LogModule(string name, Contexts main, Contexts contexts)
    {
        Module = new Module(name, main);
        Module.Custom("log_format", main, Arity.TwoOrMore, ReadFormat);
        Module.Custom("access_log", contexts, Arity.OneOrMore, ReadLog);
        OpenFiles = OpenFileCacheDirective.DeclareForLogs(Module, contexts & ~(Contexts.LocationIf | Contexts.LimitExcept));
    }

    public Module Module { get; }

    /// <summary>The logs of a level; an empty list that is set: off.</summary>
    public Setting<IReadOnlyList<AccessLog>> Logs { get; } = new("access_log", []);

    public Setting<OpenFileCache?> OpenFiles { get; }

    /// <summary>The format that is there without being declared.</summary>
    public static void AddCombined(PartDraft part) => part.LogFormats.Add(new LogFormat("combined", LogEscape.Default, ComplexValue.Compile(
        "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\" \"$http_user_agent\"",
        part.Variables)));

    private static void ReadFormat(DirectiveCall call)
    {
        var part = call.Loader.Part;
        if (part.LogFormats.Any(f => f.Name == call[1]))
            throw call.Error($"duplicate \"log_format\" name \"{call[1]}\"");
        var escape = LogEscape.Default;
        var first = 2;
        if (Parameters.Is(call[2], "escape", out var value))
        {
            escape = value switch
            {
                "default" => LogEscape.Default,
                "json" => LogEscape.Json,
                "none" => LogEscape.None,
                _ => throw call.Error($"unknown log format escaping \"{value}\""),
            };
            first = 3;
        }
        var text = string.Concat(Enumerable.Range(first, call.Count - first + 1).Select(i => call[i]));
        try
        {
            part.LogFormats.Add(new LogFormat(call[1], escape, ComplexValue.Compile(text, call.Variables, plainCaptures: true)));
        }
        catch (ConfigurationException e) when (e.Message == "invalid variable name")
        {
            throw call.InvalidParameter(text[text.LastIndexOf('$')..]);
        }
    }

    private void ReadLog(DirectiveCall call)
    {
        if (call[1] == "off")
        {
            if (call.Count > 1)
                throw call.InvalidParameter(call[2]);
            call.Level.Set<IReadOnlyList<AccessLog>>(Logs, Array.Empty<AccessLog>());
            return;
        }
        var syslog = call[1].StartsWith("syslog:", StringComparison.Ordinal) ? SyslogServer.Parse(call[1], call.Loader.Names) : null;
        var path = syslog is null ? ComplexValue.Compile(call.Loader.Paths.FromPrefix(call[1]), call.Variables) : null;
        var name = call.Count > 1 ? call[2] : call.Loader.IsStream ? throw call.Error("log format is not specified") : "combined";
        var format = call.Loader.Part.LogFormats.Find(f => Latin1.EqualsIgnoreCase(f.Name, name))
            ?? throw call.Error($"unknown log format \"{name}\"");
        var log = new AccessLog(path, syslog, format, null, 0, 0, 0);
        for (var i = 3; i <= call.Count; i++)
            log = Apply(call, call[i], log);
        if (log.FlushMs > 0 && log.BufferBytes == 0)
            throw call.Error($"no buffer is defined for access_log \"{call[1]}\"");
        if (log.BufferBytes > 0 && syslog is not null)
            throw call.Error("logs to syslog cannot be buffered");
        if (log.BufferBytes > 0 && !path!.IsLiteral)
            throw call.Error("buffered logs cannot have variables in name");
        CheckConflict(call, log);
        // "off" on the same level wins over what follows it.
        if (call.Level.TryGetOwn(Logs, out var own) && own is AccessLog[])
            return;
        call.Level.Add(Logs, log);
    }

    private static AccessLog Apply(DirectiveCall call, string word, AccessLog log)
    {
        if (Parameters.Is(word, "buffer", out var value))
            return log with
            {
                BufferBytes = Measures.Size(value) is { } size and > 0 ? size : throw call.Error($"invalid buffer size \"{value}\""),
            };
        if (Parameters.Is(word, "flush", out value))
            return log with
            {
                FlushMs = Measures.Milliseconds(value) is { } ms and > 0 ? ms : throw call.Error($"invalid flush time \"{value}\""),
            };
        if (Parameters.Is(word, "if", out value))
            return log with { Condition = ComplexValue.Compile(value, call.Variables) };
        var isGzip = Parameters.Is(word, "gzip", out value);
        if (!isGzip && word != "gzip")
            throw call.InvalidParameter(word);
        var level = !isGzip ? 1 : Measures.Number(value) is { } given and >= 1 and <= 9 ? (int)given
            : throw call.Error($"invalid compression level \"{value}\"");
        return log with { GzipLevel = level, BufferBytes = log.BufferBytes == 0 ? GzipBufferBytes : log.BufferBytes };
    }

    // One file has one buffer.
    private static void CheckConflict(DirectiveCall call, AccessLog log)
    {
        if (log.BufferBytes == 0)
            return;
        var buffers = call.Loader.Draft.LogBuffers;
        var buffer = (log.BufferBytes, log.FlushMs, log.GzipLevel);
        if (!buffers.TryAdd(log.Path!.Source, buffer) && buffers[log.Path.Source] != buffer)
            throw call.Error($"access_log \"{call[1]}\" already defined with conflicting parameters");
    }
}
