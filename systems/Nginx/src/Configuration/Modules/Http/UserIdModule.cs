using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary>Cookies that tell clients apart.</summary>
internal static class UserIdModule
{
    public static readonly Module Module = new("http_userid_module", Contexts.Http);

    public static readonly Setting<UserIdState> UserId = Module.Choice("userid", All, UserIdState.Off, "off", "log", "v1", "on");
    public static readonly Setting<long> Service = Module.Number("userid_service", All, -1);
    public static readonly Setting<string?> Name = Module.Text("userid_name", All, "uid");
    public static readonly Setting<string?> Domain = Module.Text("userid_domain", All, "", (_, word) => word == "none" ? "" : word);
    public static readonly Setting<string?> Path = Module.Text("userid_path", All, "/");
    public static readonly Setting<string?> P3p = Module.Text("userid_p3p", All, "", (_, word) => word == "none" ? "" : word);

    /// <summary>Bits: off, secure, httponly, samesite=strict, =lax, =none.</summary>
    public static readonly Setting<long> Flags = Module.Mask("userid_flags", All, Arity.OneToThree, 1,
        "off", "secure", "httponly", "samesite=strict", "samesite=lax", "samesite=none");

    /// <summary>Seconds; -1 for max, 0 for off.</summary>
    public static readonly Setting<long> Expires = Module.One("userid_expires", All, DirectiveKind.Seconds, 0L,
        (call, word) => word switch { "max" => -1, "off" => 0, _ => Measures.Seconds(word) ?? throw call.Refuse("invalid value") });

    public static readonly Setting<string?> Mark = Module.Text("userid_mark", All, "", (call, word) => word == "off" ? ""
        : word.Length == 1 && (char.IsAsciiLetterOrDigit(word[0]) || word == "=") ? word
        : throw call.Refuse("value must be \"off\" or a single letter, digit or \"=\""));
}
