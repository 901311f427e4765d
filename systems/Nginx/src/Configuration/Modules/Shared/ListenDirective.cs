namespace Microcosm.Nginx;

/// <summary><c>listen</c> of the http and of the stream part.</summary>
internal static class ListenDirective
{
    private const int HttpPort = 80;

    public static void Read(DirectiveCall call)
    {
        var isStream = call.Loader.IsStream;
        var server = call.Level.Server!;
        server.HasListen = true;
        var rules = new HostUrlRules(isStream ? 0 : HttpPort, IsListen: true, Names: call.Loader.Names);
        var url = HostUrl.TryParse(call[1], rules, out var error)
            ?? throw call.Error($"{error} in \"{call[1]}\" of the \"listen\" directive");
        var options = new ListenOptions();
        for (var i = 2; i <= call.Count; i++)
            options = Apply(call, call[i], options, isStream);
        if (options.IsUdp)
            CheckUdp(call, options);
        foreach (var address in url.Addresses.Distinct())
            call.Loader.Part.Listens.Add(address, options, server, call.Warn);
    }

    private static ListenOptions Apply(DirectiveCall call, string word, ListenOptions options, bool isStream)
    {
        var socket = options with { HasSocketOptions = true };
        switch (word)
        {
            case "default_server":
                return options with { IsDefault = true };
            case "default" when !isStream:
                return options with { IsDefault = true };
            case "bind":
                return socket;
            case "deferred":
                return socket with { IsDeferred = true };
            case "reuseport":
                return socket with { IsReusePort = true };
            case "ssl":
                return options with { IsTls = true };
            case "proxy_protocol":
                return options with { IsProxyProtocol = true };
            case "udp" when isStream:
                return options with { IsUdp = true };
            case "http2" when !isStream:
                call.Warn("the \"listen ... http2\" directive is deprecated, use the \"http2\" directive instead");
                return options with { IsHttp2 = true };
            case "quic" when !isStream:
                throw call.Error("the \"quic\" parameter requires ngx_http_v3_module");
            case "multipath":
                throw call.Error("the \"multipath\" parameter is not supported");
        }
        return ApplyNumber(call, word, socket);
    }

    private static ListenOptions ApplyNumber(DirectiveCall call, string word, ListenOptions socket)
    {
        if (Parameters.Is(word, "backlog", out var value))
            return socket with { Backlog = Int(call, word, "backlog", Measures.Number(value), 1) };
        if (Parameters.Is(word, "rcvbuf", out value))
            return socket with { ReceiveBufferBytes = Int(call, word, "rcvbuf", Measures.Size(value), 0) };
        if (Parameters.Is(word, "sndbuf", out value))
            return socket with { SendBufferBytes = Int(call, word, "sndbuf", Measures.Size(value), 0) };
        if (Parameters.Is(word, "fastopen", out value))
            return socket with { FastOpen = Int(call, word, "fastopen", Measures.Number(value), 0) };
        if (Parameters.Is(word, "setfib", out _) || Parameters.Is(word, "accept_filter", out _))
            throw call.InvalidParameter(word);
        if (word.StartsWith("ipv6only=o", StringComparison.Ordinal))
            return word[10..] switch
            {
                "n" => socket with { IsIpv6Only = true },
                "ff" => socket with { IsIpv6Only = false },
                _ => throw call.Error($"invalid ipv6only flags \"{word[9..]}\""),
            };
        if (Parameters.Is(word, "so_keepalive", out value))
            return socket with { KeepAlive = KeepAlive(value) ?? throw call.Error($"invalid so_keepalive value: \"{value}\"") };
        throw call.InvalidParameter(word);
    }

    private static int Int(DirectiveCall call, string word, string name, long? value, int min) =>
        value is { } number && number >= min && number <= int.MaxValue ? (int)number : throw call.Error($"invalid {name} \"{word}\"");

    // on, off, or idle:interval:count, each of which may be left out.
    private static TcpKeepAlive? KeepAlive(string text)
    {
        if (text is "on" or "off")
            return new TcpKeepAlive(text == "on");
        var parts = text.Split(':', 3);
        var idle = parts[0].Length == 0 ? 0 : Measures.Seconds(parts[0]);
        var interval = parts.Length < 2 || parts[1].Length == 0 ? 0 : Measures.Seconds(parts[1]);
        var count = parts.Length < 3 || parts[2].Length == 0 ? 0 : Measures.Number(parts[2]);
        return idle is null || interval is null || count is null or > int.MaxValue || (idle == 0 && interval == 0 && count == 0)
            ? null : new TcpKeepAlive(true, idle.Value, interval.Value, (int)count.Value);
    }

    private static void CheckUdp(DirectiveCall call, ListenOptions options)
    {
        if (options.FastOpen != -1)
            throw call.Refuse("\"fastopen\" parameter is incompatible with \"udp\"");
        if (options.Backlog != new ListenOptions().Backlog)
            throw call.Refuse("\"backlog\" parameter is incompatible with \"udp\"");
        if (options.IsDeferred)
            throw call.Refuse("\"deferred\" parameter is incompatible with \"udp\"");
        if (options.IsTls)
            throw call.Refuse("\"ssl\" parameter is incompatible with \"udp\"");
        if (options.KeepAlive is not null)
            throw call.Refuse("\"so_keepalive\" parameter is incompatible with \"udp\"");
        if (options.IsProxyProtocol)
            throw call.Refuse("\"proxy_protocol\" parameter is incompatible with \"udp\"");
    }
}
