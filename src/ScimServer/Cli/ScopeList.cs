using System.CommandLine.Parsing;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Cli;

/// <summary>Reads scopes: names with commas between them.</summary>
internal static class ScopeList
{
    public static AccessScopes Parse(ArgumentResult argument)
    {
        var scopes = AccessScopes.None;
        foreach (var name in argument.Tokens[0].Value.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            switch (AccessScopeNames.Find(name))
            {
                case AccessScopes.None:
                    argument.AddError($"There is no scope \"{name}\".");
                    break;
                case AccessScopes.Admin:
                    argument.AddError($"\"{name}\" is for tokens of the operator, which --admin makes.");
                    break;
                case var scope:
                    scopes |= scope;
                    break;
            }
        }

        return scopes;
    }
}
