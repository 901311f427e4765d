using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary>auth_basic and auth_request.</summary>
internal static class AuthModules
{
    public static readonly Module BasicModule = new("http_auth_basic_module", Contexts.Http);
    public static readonly Module RequestModule = new("http_auth_request_module", Contexts.Http);

    /// <summary>The realm; <c>off</c> for none.</summary>
    public static readonly Setting<ComplexValue?> AuthBasic = BasicModule.Value("auth_basic", All | Contexts.LimitExcept);

    /// <summary>Beside the configuration, unless the path is a whole one.</summary>
    public static readonly Setting<ComplexValue?> AuthBasicUserFile =
        BasicModule.Value("auth_basic_user_file", All | Contexts.LimitExcept);

    /// <summary>The path that is asked; empty for off.</summary>
    public static readonly Setting<string?> AuthRequest =
        RequestModule.Text("auth_request", All, "", (_, word) => word == "off" ? "" : word);

    public static readonly Setting<IReadOnlyList<(Variable Variable, ComplexValue Value)>> AuthRequestSet = new("auth_request_set", []);

    static AuthModules() => RequestModule.Custom("auth_request_set", All, Arity.Two, call =>
    {
        var variable = call.Variables.Assign(VariableName.Of(call[1]), VariableFlags.Changeable);
        call.Level.Add(AuthRequestSet, (variable, call.Value(2)));
    });
}
