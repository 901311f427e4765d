namespace Microcosm.Nginx;

/// <summary><c>server_name</c> of the http and of the stream part.</summary>
internal static class ServerNameDirective
{
    public static void Read(DirectiveCall call)
    {
        foreach (var name in call.Arguments)
        {
            if ((name.StartsWith('*') && (name.Length < 3 || name[1] != '.')) || name == ".")
                throw call.Error($"server name \"{name}\" is invalid");
            if (name.Contains('/'))
                call.Warn($"server name \"{name}\" has suspicious symbols");
            call.Level.Server!.Names.Add(Name(call, name));
        }
    }

    private static ServerName Name(DirectiveCall call, string name)
    {
        if (Latin1.EqualsIgnoreCase(name, "$hostname"))
            return new ServerName(Latin1.Lower(call.Loader.Names.HostName), null);
        if (!name.StartsWith('~'))
            return new ServerName(Latin1.Lower(name), null);
        if (name.Length == 1)
            throw call.Error($"empty regex in server name \"{name}\"");
        // Hosts are compared in small letters, so a pattern with capitals can only mean any case.
        var pattern = VariablePattern.Compile(name[1..], name.Any(char.IsAsciiLetterUpper), call.Variables);
        return new ServerName(name[1..], pattern);
    }
}
