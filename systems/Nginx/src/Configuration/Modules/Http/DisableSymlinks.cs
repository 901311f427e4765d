namespace Microcosm.Nginx;

/// <summary>Whether paths may lead over symbolic links; from which prefix on they are checked.</summary>
internal readonly record struct DisableSymlinks(SymlinkCheck Check, ComplexValue? From);
