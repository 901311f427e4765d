namespace Microcosm.Nginx;

/// <summary><c>…ssl_certificate_cache</c>: certificates read by variables are kept.</summary>
internal static class CertificateCacheDirective
{
    public static Setting<OpenFileCache?> Declare(Module module, string name, Contexts contexts)
    {
        var setting = new Setting<OpenFileCache?>(name, null);
        module.Custom(name, contexts, Arity.OneToThree, call =>
        {
            call.Once(setting);
            var (cache, off) = (new OpenFileCache(0, 10), false);
            foreach (var word in call.Arguments)
            {
                if (Parameters.Is(word, "max", out var value) && Measures.Number(value) is { } max and > 0)
                    cache = cache with { Max = max };
                else if (Parameters.Is(word, "inactive", out value) && Measures.Seconds(value) is { } inactive)
                    cache = cache with { InactiveSeconds = inactive };
                else if (Parameters.Is(word, "valid", out value) && Measures.Seconds(value) is { } valid)
                    cache = cache with { ValidSeconds = valid };
                else
                    off = word == "off" ? true : throw call.InvalidParameter(word);
            }
            if (!off && cache.Max == 0)
                throw call.Error($"\"{name}\" must have the \"max\" parameter");
            call.Level.Set(setting, off ? cache with { Max = 0 } : cache);
        });
        return setting;
    }
}
