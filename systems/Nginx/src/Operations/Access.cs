namespace Microcosm.Nginx;

/// <summary>The access phase: allow and deny, users.</summary>
internal static class Access
{
    /// <summary>0: go on; otherwise the status.</summary>
    public static int Check(HttpRequest request)
    {
        var rules = request.Level.Get(AccessModule.Http.Rules);
        if (rules.Count == 0)
            return 0;
        if (AccessRule.IsDenied(rules, request.Client?.Address) != true)
            return 0;
        request.LogError(LogLevel.Error, "access forbidden by rule");
        return 403;
    }
}
