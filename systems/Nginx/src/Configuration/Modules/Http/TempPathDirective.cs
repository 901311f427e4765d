using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary>Folders of temporary files: <c>client_body_temp_path</c>, <c>proxy_temp_path</c>.</summary>
internal static class TempPathDirective
{
    private const int LevelsCharsMax = 10;

    public static Setting<TempPath?> Declare(Module module, string name)
    {
        var setting = new Setting<TempPath?>(name, null);
        module.Custom(name, All, Arity.OneToFour, call =>
        {
            call.Once(setting);
            var path = call[1].EndsWith('/') ? call[1][..^1] : call[1];
            var levels = new List<int>();
            for (var i = 2; i <= call.Count; i++)
                levels.Add(Measures.Number(call[i]) is { } level and > 0 and < 100 ? (int)level : throw call.Refuse("invalid value"));
            if (levels.Sum(l => l + 1) > LevelsCharsMax + levels.Count)
                throw call.Refuse("invalid value");
            var temp = new TempPath(call.Loader.Paths.FromPrefix(path), levels, call.Loader.Place);
            call.Level.Set(setting, call.Loader.Draft.Path(temp));
        });
        return setting;
    }
}
