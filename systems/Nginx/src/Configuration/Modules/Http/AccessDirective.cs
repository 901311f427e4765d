using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary>Access bits of files that are made: <c>user:rw group:r all:r</c>.</summary>
internal static class AccessDirective
{
    private const int UserReadWrite = 0b110_000_000;

    public static Setting<int> Declare(Module module, string name)
    {
        var setting = new Setting<int>(name, UserReadWrite);
        module.Custom(name, All, Arity.OneToThree, call =>
        {
            call.Once(setting);
            var (access, user) = (0, UserReadWrite);
            foreach (var word in call.Arguments)
            {
                var colon = word.IndexOf(':');
                var shift = (colon < 0 ? "" : word[..colon]) switch { "user" => 6, "group" => 3, "all" => 0, _ => -1 };
                var right = word[(colon + 1)..] switch { "rw" => 6, "r" => 4, _ => -1 };
                if (shift < 0 || right < 0)
                    throw call.Error($"invalid value \"{word}\"");
                if (shift == 6)
                    user = 0;
                access |= right << shift;
            }
            call.Level.Set(setting, access | user);
        });
        return setting;
    }
}
