namespace Microcosm.Nginx;

/// <summary><c>disable_symlinks</c>.</summary>
internal static class DisableSymlinksDirective
{
    public static Setting<DisableSymlinks> Declare(Module module, Contexts contexts)
    {
        var setting = new Setting<DisableSymlinks>("disable_symlinks", default);
        module.Custom("disable_symlinks", contexts, Arity.OneOrTwo, call =>
        {
            call.Once(setting);
            call.Level.Set(setting, Read(call));
        });
        return setting;
    }

    private static DisableSymlinks Read(DirectiveCall call)
    {
        SymlinkCheck? check = null;
        ComplexValue? from = null;
        foreach (var argument in call.Arguments)
        {
            if (Parameters.Is(argument, "from", out var value))
                from = ComplexValue.Compile(value, call.Variables);
            else
                check = argument switch
                {
                    "off" => SymlinkCheck.Off,
                    "on" => SymlinkCheck.On,
                    "if_not_owner" => SymlinkCheck.IfNotOwner,
                    _ => throw call.InvalidParameter(argument),
                };
        }
        if (check is null)
            throw call.Error("\"disable_symlinks\" must have \"off\", \"on\" or \"if_not_owner\" parameter");
        if (call.Count == 2 && from is null)
            throw call.Error($"duplicate parameters \"{call[1]} {call[2]}\"");
        if (from is not null && check == SymlinkCheck.Off)
            throw call.Error("\"from=\" cannot be used with \"off\" parameter");
        return new DisableSymlinks(check.Value, from);
    }
}
