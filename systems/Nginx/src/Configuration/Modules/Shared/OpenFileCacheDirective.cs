namespace Microcosm.Nginx;

/// <summary><c>open_file_cache</c> and <c>open_log_file_cache</c>.</summary>
internal static class OpenFileCacheDirective
{
    public static Setting<OpenFileCache?> Declare(Module module, Contexts contexts) =>
        Declare(module, "open_file_cache", contexts, Arity.OneOrTwo, 60, isLog: false);

    public static Setting<OpenFileCache?> DeclareForLogs(Module module, Contexts contexts) =>
        Declare(module, "open_log_file_cache", contexts, Arity.OneToFour, 10, isLog: true);

    private static Setting<OpenFileCache?> Declare(Module module, string name, Contexts contexts, Arity arity, long inactive, bool isLog)
    {
        var setting = new Setting<OpenFileCache?>(name, null);
        module.Custom(name, contexts, arity, call =>
        {
            call.Once(setting);
            var cache = new OpenFileCache(0, inactive);
            var off = false;
            foreach (var argument in call.Arguments)
            {
                if (argument == "off")
                    off = true;
                else
                    cache = Read(cache, argument, isLog) ?? throw call.Error($"invalid \"{name}\" parameter \"{argument}\"");
            }
            if (!off && cache.Max == 0)
                throw call.Error($"\"{name}\" must have {(isLog ? "" : "the ")}\"max\" parameter");
            // Zero files: off here, whatever the level around says.
            call.Level.Set(setting, off ? cache with { Max = 0 } : cache);
        });
        return setting;
    }

    private static OpenFileCache? Read(OpenFileCache cache, string argument, bool isLog)
    {
        if (Parameters.Is(argument, "max", out var value))
            return Measures.Number(value) is { } max && (isLog || max > 0) ? cache with { Max = max } : null;
        if (Parameters.Is(argument, "inactive", out value))
            return Measures.Seconds(value) is { } inactive ? cache with { InactiveSeconds = inactive } : null;
        if (isLog && Parameters.Is(argument, "min_uses", out value))
            return Measures.Number(value) is { } uses ? cache with { MinUses = uses } : null;
        if (isLog && Parameters.Is(argument, "valid", out value))
            return Measures.Seconds(value) is { } valid ? cache with { ValidSeconds = valid } : null;
        return null;
    }
}
