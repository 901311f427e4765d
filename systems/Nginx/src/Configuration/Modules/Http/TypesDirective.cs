namespace Microcosm.Nginx;

/// <summary><c>types</c>, and the lists of content types that filters act on.</summary>
internal static class TypesDirective
{
    public static Setting<MimeTypes?> Declare(Module module, Contexts contexts)
    {
        var setting = new Setting<MimeTypes?>("types", null);
        module.Block("types", contexts, Arity.None, call =>
        {
            if (!call.Level.TryGetOwn(setting, out var types) || types is null)
                call.Level.Set(setting, types = new MimeTypes());
            call.Loader.ReadLines(line => Read(line, types));
        });
        return setting;
    }

    /// <summary><c>gzip_types</c> and its like: content types, text/html first; <c>*</c> for all.</summary>
    public static Setting<TypeSet> DeclareSet(Module module, string name, Contexts contexts, params string[] always)
    {
        var setting = new Setting<TypeSet>(name, new TypeSet(always));
        var first = always.Length == 1 ? always : [];
        module.Custom(name, contexts, Arity.OneOrMore, call =>
        {
            if (!call.Level.TryGetOwn(setting, out var types))
                call.Level.Set(setting, types = new TypeSet(first));
            foreach (var argument in call.Arguments)
            {
                if (!types.Add(argument))
                    call.Warn($"duplicate MIME type \"{Latin1.Lower(argument)}\"");
            }
        });
        return setting;
    }

    private static void Read(DirectiveCall line, MimeTypes types)
    {
        if (line.Name == "include")
        {
            if (line.Count != 1)
                throw line.Error("invalid number of arguments in \"include\" directive");
            line.Loader.Include(line[1]);
            return;
        }
        foreach (var extension in line.Arguments)
        {
            if (types.Add(extension, line.Name) is { } old)
                line.Warn(
                    $"duplicate extension \"{Latin1.Lower(extension)}\", content type: \"{line.Name}\", previous content type: \"{old}\"");
        }
    }
}
